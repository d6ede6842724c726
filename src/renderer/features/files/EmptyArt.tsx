/** Three sheets coming to rest in a tray. */
export function EmptyArt() {
  return (
    <svg width="132" height="104" viewBox="0 0 132 104" fill="none" aria-hidden="true">
      <g transform="rotate(-11 42 44)">
        <rect x="20" y="16" width="42" height="54" rx="6" className="fill-surface stroke-line-strong" strokeWidth="1.5" />
        <path d="M29 30h24M29 38h17" className="stroke-line-strong" strokeWidth="2.5" strokeLinecap="round" />
      </g>
      <g transform="rotate(10 92 44)">
        <rect x="70" y="16" width="42" height="54" rx="6" className="fill-surface stroke-line-strong" strokeWidth="1.5" />
        <path d="M79 58l9-12 7 8 4-5 7 9z" className="fill-line-strong" />
        <circle cx="85" cy="34" r="4" className="fill-line-strong" />
      </g>
      <rect x="43" y="8" width="46" height="80" rx="6" className="fill-raised stroke-accent" strokeWidth="1.75" />
      <path d="M66 22v20m-8-8 8 8 8-8" className="stroke-accent" strokeWidth="2.5" strokeLinecap="round" strokeLinejoin="round" />
      <path
        d="M10 62h30c3 0 4 2 5 5 2 5 5 7 10 7h22c5 0 8-2 10-7 1-3 2-5 5-5h30v26a10 10 0 0 1-10 10H20a10 10 0 0 1-10-10z"
        className="fill-bg stroke-line-strong"
        strokeWidth="1.5"
      />
    </svg>
  )
}
