import { Frame } from '../ui/frame.tsx'
import { Page } from '../ui/page.tsx'

export function Home() {
  return (
    <Frame portal="auditor" home="/verify">
      <Page title="auditor" />
    </Frame>
  )
}
