/**
 * Questions the tests ask inside a page: added to every page of a watched browser (see browser.ts). Plain JavaScript,
 * because the types of a browser's globals would otherwise hold for the server, too.
 */
globalThis.inPage = {
  /**
   * Nothing is loading, moving or about to be drawn. A change of scheme or width reaches the page by listeners and timers of
   * its own, which draw when the browser lets them: the scheme must have come through, and nothing may change for a dozen frames.
   */
  isSettled: async () => {
    let changes = 0
    const observer = new MutationObserver((records) => {
      changes += records.length
    })
    observer.observe(document, { attributes: true, childList: true, subtree: true })
    for (let frame = 0; frame < 12; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1_000 }))
    observer.disconnect()
    const scheme = document.documentElement.dataset.mantineColorScheme
    const wanted = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
    const busy = document.querySelector(
      '.mantine-Loader-root, .mantine-Skeleton-root, [data-loading=true], [aria-busy=true]',
    )
    const moving = document
      .getAnimations()
      .filter((each) => each.playState === 'running' && each.effect.getTiming().iterations !== Number.POSITIVE_INFINITY)
    globalThis.inPage.unsettled = [
      ...(changes > 0 ? [`${changes} changes in a dozen frames`] : []),
      ...(scheme !== undefined && scheme !== wanted ? [`the scheme is ${scheme}`] : []),
      ...(busy === null ? [] : [`busy: ${busy.outerHTML.slice(0, 200)}`]),
      ...moving.map((each) => `moving: ${each.effect.target?.outerHTML.slice(0, 200)}`),
      ...(document.fonts.status === 'loaded' ? [] : ['fonts are loading']),
    ]
    return globalThis.inPage.unsettled.length === 0
  },

  /** What the last look found that was not at rest. */
  unsettled: ['nothing was looked at yet'],

  /** By how much the page is wider than its window, and what sticks out. */
  overflow: () => {
    const { scrollWidth, clientWidth } = document.documentElement
    const scrolls = (element) =>
      element !== null &&
      element !== document.body &&
      (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement))
    const outside =
      scrollWidth <= clientWidth
        ? []
        : [...document.querySelectorAll('body *')].filter(
            (each) => each.getBoundingClientRect().right > clientWidth + 1 && !scrolls(each.parentElement),
          )
    return {
      byPx: scrollWidth - clientWidth,
      elements: outside.slice(0, 3).map((each) => each.outerHTML.slice(0, 150)),
    }
  },
}
