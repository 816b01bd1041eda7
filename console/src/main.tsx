import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './ui/global.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Console } from './app/console.tsx'
import { shareStyleNonce } from './app/style-nonce.ts'
import { startTexts } from './texts/start-texts.ts'

shareStyleNonce()
startTexts()
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root": serve the built index.html unchanged')
createRoot(root).render(
  <StrictMode>
    <Console />
  </StrictMode>,
)
