import {
  Autocomplete,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  Modal,
  MultiSelect,
  rem,
  Select,
  Table,
  TagsInput,
  Text,
  Tooltip,
} from '@mantine/core'

/** Baton's violet; shade 7 carries white text at 7:1. */
const baton: MantineColorsTuple = [
  '#f2f1fe',
  '#e4e2fb',
  '#c9c5f4',
  '#aca6ee',
  '#938be7',
  '#8078e0',
  '#6a5fd4',
  '#5145c0',
  '#443aa6',
  '#372f8a',
]

/** Cool greys in the dark scheme; 7 is the page, 6 what lies on it. */
const dark: MantineColorsTuple = [
  '#d9dbe3',
  '#b9bdca',
  '#9ca2b3',
  '#7f8698',
  '#3b4051',
  '#2e3342',
  '#242835',
  '#191c25',
  '#14161e',
  '#0e1017',
]

const compactHeight = rem(32)

// A list of choices that opens outside the page's landmarks is lost to screen readers that go by them.
const inPlace = { defaultProps: { comboboxProps: { withinPortal: false } } }

export const theme = createTheme({
  primaryColor: 'baton',
  primaryShade: 7,
  autoContrast: true,
  respectReducedMotion: true,
  cursorType: 'pointer',
  defaultRadius: 'md',
  colors: { baton, dark },
  fontFamily: "Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: rem(12), sm: rem(13.5), md: rem(15), lg: rem(17), xl: rem(20) },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: rem(21), lineHeight: '1.3' },
      h2: { fontSize: rem(16), lineHeight: '1.4' },
      h3: { fontSize: rem(14.5), lineHeight: '1.4' },
    },
  },
  components: {
    Autocomplete: Autocomplete.extend(inPlace),
    MultiSelect: MultiSelect.extend(inPlace),
    Select: Select.extend(inPlace),
    TagsInput: TagsInput.extend(inPlace),
    Badge: Badge.extend({
      defaultProps: { variant: 'light', radius: 'sm' },
      styles: { root: { textTransform: 'none', minWidth: 'max-content' }, label: { fontWeight: 550 } },
    }),
    Button: Button.extend({
      defaultProps: { size: 'sm' },
      vars: (_theme, props) =>
        props.size === 'sm'
          ? { root: { '--button-height': compactHeight, '--button-padding-x': rem(14) } }
          : { root: {} },
    }),
    Input: Input.extend({
      vars: (_theme, props) => ({
        wrapper: props.size === undefined || props.size === 'sm' ? { '--input-height': compactHeight } : {},
      }),
    }),
    // A dialog's <header> would count as a second page banner for screen readers.
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.4 },
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontWeight: 600 } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 7, horizontalSpacing: 'sm', fz: 'sm' } }),
    Text: Text.extend({ defaultProps: { size: 'sm' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 250, withArrow: true, events: { hover: true, focus: true, touch: true } },
    }),
  },
})

/**
 * Mantine's own dimmed, teal and red texts reach 3:1 to 4:1 on their backgrounds; these reach 4.5:1 (WCAG AA) in both schemes.
 * The --baton-* variables are what the charts and the shell draw with.
 */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1b1e27',
    '--mantine-color-dimmed': '#5a6172',
    '--mantine-color-placeholder': '#6a7182',
    '--mantine-color-error': '#c02525',
    '--mantine-color-red-text': '#b42323',
    '--mantine-color-red-light-color': '#a61e1e',
    '--mantine-color-teal-text': '#087f5b',
    '--mantine-color-teal-light-color': '#066649',
    '--mantine-color-green-light-color': '#256b30',
    '--mantine-color-yellow-light-color': '#7a4a00',
    '--mantine-color-orange-light-color': '#8f3a02',
    '--mantine-color-gray-light-color': '#454b5a',
    '--mantine-color-blue-light-color': '#15599e',
    '--mantine-color-cyan-light-color': '#0a5f70',
    '--mantine-color-grape-light-color': '#7a2a91',
    '--mantine-color-baton-light-color': '#443aa6',
    '--mantine-color-anchor': '#4a3fb6',
    '--mantine-color-red-light': 'rgba(224,49,49, 0.12)',
    '--mantine-color-teal-light': 'rgba(12,166,120, 0.12)',
    '--mantine-color-green-light': 'rgba(47,158,68, 0.12)',
    '--mantine-color-yellow-light': 'rgba(250,176,5, 0.2)',
    '--mantine-color-orange-light': 'rgba(247,103,7, 0.12)',
    '--mantine-color-blue-light': 'rgba(34,139,230, 0.12)',
    '--mantine-color-cyan-light': 'rgba(21,170,191, 0.12)',
    '--mantine-color-grape-light': 'rgba(174,62,201, 0.12)',
    '--mantine-color-gray-light': 'rgba(110,118,138, 0.12)',
    '--mantine-color-baton-light': 'rgba(106, 95, 212, 0.13)',
    '--baton-surface': '#f8f8fb',
    '--baton-line': '#e4e5ec',
    '--baton-hover': '#f1f1f6',
    '--baton-sample': '#fff7dc',
    '--baton-stale': '#ffe8e8',
    '--baton-chart-1': '#6a5fd4',
    '--baton-chart-2': '#0c8599',
    '--baton-chart-3': '#e8590c',
    '--baton-chart-4': '#2f9e44',
    '--baton-chart-5': '#c2255c',
    '--baton-chart-gain': '#12866a',
    '--baton-chart-loss': '#d6453d',
    '--baton-chart-total': '#5145c0',
    '--baton-chart-grid': '#e4e5ec',
  },
  dark: {
    '--mantine-color-body': '#14161e',
    '--mantine-color-text': '#dfe1e9',
    '--mantine-color-dimmed': '#9ca2b3',
    '--mantine-color-placeholder': '#8b92a4',
    '--mantine-color-error': '#ff8a8a',
    '--mantine-color-red-text': '#ff9a9a',
    '--mantine-color-red-light-color': '#ffa8a8',
    '--mantine-color-teal-text': '#4fd3ae',
    '--mantine-color-teal-light-color': '#74e0c1',
    '--mantine-color-green-light-color': '#8ce99a',
    '--mantine-color-yellow-light-color': '#ffd867',
    '--mantine-color-orange-light-color': '#ffb27a',
    '--mantine-color-gray-light-color': '#c3c8d4',
    '--mantine-color-blue-light-color': '#9ccbf7',
    '--mantine-color-cyan-light-color': '#7fdcec',
    '--mantine-color-grape-light-color': '#e6a8f5',
    '--mantine-color-baton-light-color': '#c3bdff',
    '--mantine-color-default': '#1d202b',
    '--mantine-color-anchor': '#aca6f5',
    '--mantine-color-red-light': 'rgba(224,49,49, 0.22)',
    '--mantine-color-teal-light': 'rgba(12,166,120, 0.22)',
    '--mantine-color-green-light': 'rgba(47,158,68, 0.22)',
    '--mantine-color-yellow-light': 'rgba(250,176,5, 0.22)',
    '--mantine-color-orange-light': 'rgba(247,103,7, 0.22)',
    '--mantine-color-blue-light': 'rgba(34,139,230, 0.22)',
    '--mantine-color-cyan-light': 'rgba(21,170,191, 0.22)',
    '--mantine-color-grape-light': 'rgba(174,62,201, 0.22)',
    '--mantine-color-gray-light': 'rgba(110,118,138, 0.22)',
    '--mantine-color-baton-light': 'rgba(128, 120, 224, 0.24)',
    '--baton-surface': '#191c25',
    '--baton-line': '#2a2e3b',
    '--baton-hover': '#222633',
    '--baton-sample': '#2a2412',
    '--baton-stale': '#3a1d22',
    '--baton-chart-1': '#938be7',
    '--baton-chart-2': '#3bc9db',
    '--baton-chart-3': '#ff922b',
    '--baton-chart-4': '#69db7c',
    '--baton-chart-5': '#f783ac',
    '--baton-chart-gain': '#38b48b',
    '--baton-chart-loss': '#f0716a',
    '--baton-chart-total': '#8b82e6',
    '--baton-chart-grid': '#2a2e3b',
  },
})
