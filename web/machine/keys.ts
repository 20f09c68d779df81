// Moving without touching the screen: four keys (previous, next, choose, to the buttons),
// or two switches (next, choose). Everything that can be pressed is one ring, so that
// "next" alone reaches all of it. Tab and the space bar work as everywhere.

const pressable = "button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled])";

// A dialogue that is open keeps the ring to itself; what only a demonstration shows beside
// the machine is no part of it.
function ring(): HTMLElement[] {
  const within = document.querySelector("[role=alertdialog]") ?? document.querySelector(".kiosk");
  return [...(within?.querySelectorAll<HTMLElement>(pressable) ?? [])].filter((element) => element.offsetParent !== null);
}

function move(by: 1 | -1): void {
  const elements = ring();
  if (elements.length === 0) return;
  const at = elements.findIndex((element) => element === document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : elements.length - 1) : (at + by + elements.length) % elements.length;
  elements[next]!.focus();
  elements[next]!.scrollIntoView({ block: "nearest" });
}

function toButtons(): void {
  const within = document.querySelector("[role=alertdialog]") ?? document.querySelector("footer");
  within?.querySelector<HTMLElement>(pressable)?.focus();
}

const typing = (): boolean =>
  document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement;

export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const { key } = event;
  const act =
    key === "ArrowDown" || (!typing() && (key === "ArrowRight" || key === "1")) ? () => move(1)
    : key === "ArrowUp" || (!typing() && key === "ArrowLeft") ? () => move(-1)
    : key === "Escape" ? toButtons
    : !typing() && key === "2" ? () => (document.activeElement as HTMLElement | null)?.click()
    : undefined;
  if (act === undefined || document.activeElement instanceof HTMLSelectElement) return;
  event.preventDefault();
  if (event.repeat && key === "2") return;
  act();
}
