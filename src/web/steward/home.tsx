import { Frame } from '../ui/frame.tsx'
import { Page } from '../ui/page.tsx'

export function Home() {
  return (
    <Frame portal="steward" home="/steward">
      <Page title="steward" />
    </Frame>
  )
}
