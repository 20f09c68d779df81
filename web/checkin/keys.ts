// Keyboard first: Enter presses the primary button of the screen, Escape the button that
// leads back, unless something that can be typed into or pressed has the focus.

const shown = (selector: string): HTMLElement | null => {
  const within = document.querySelector("[role=alertdialog]");
  return within === null ? document.querySelector<HTMLElement>(`.kiosk ${selector}`) : null;
};

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const at = document.activeElement;
  const busy = at !== null && at.matches("button, a, input, textarea, select, summary");
  if (event.key === "Enter" && !busy) shown("footer .primary")?.click();
  else if (event.key === "Escape") shown("footer .back")?.click();
  else return;
  event.preventDefault();
}
