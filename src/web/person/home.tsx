import { Frame } from '../ui/frame.tsx'
import { Page } from '../ui/page.tsx'

export function Home() {
  return (
    <Frame portal="person" home="/me">
      <Page title="person" />
    </Frame>
  )
}
