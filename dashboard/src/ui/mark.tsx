/** The product's mark: a ring that is open, and the point that is recorded in the opening. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="8" fill="var(--color-accent)" />
      <path
        d="M21.66 10.34a8 8 0 1 0 0 11.32"
        fill="none"
        stroke="var(--color-on-accent)"
        strokeWidth="3.4"
        strokeLinecap="round"
      />
      <circle cx="23.6" cy="16" r="2.4" fill="var(--color-on-accent)" />
    </svg>
  );
}
