import { Frame } from '../ui/frame.tsx'
import { Page } from '../ui/page.tsx'

export function Home() {
  return (
    <Frame portal="buyer" home="/buy">
      <Page title="buyer" />
    </Frame>
  )
}
