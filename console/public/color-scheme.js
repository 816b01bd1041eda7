// Sets the colour scheme before the first paint. A file of its own because the console's CSP allows no inline script.
;(() => {
  let chosen = null
  try {
    chosen = window.localStorage.getItem('baton.color-scheme')
  } catch {
    // Storage is blocked: follow the system.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
