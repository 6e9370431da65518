/** The mark: two scions on one stock. */
export function Mark() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M10 18v-6" />
      <path d="M10 12c0-4.5-5.5-3-6.5-9" />
      <path d="M10 12c0-4.5 5.5-3 6.5-9" />
    </svg>
  );
}
