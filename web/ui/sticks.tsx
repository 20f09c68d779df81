// The sticks that are in the device now, of which an official chooses the own one.

import { ToggleButton } from "react-aria-components";

import { Tick } from "./components.tsx";

export const StickList = ({ sticks, chosen, set, label, none }: {
  readonly sticks: readonly string[];
  readonly chosen: string;
  readonly set: (stick: string) => void;
  readonly label: string;
  // Said when no stick is there.
  readonly none: string;
}) => (
  <div className="setting" role="group" aria-label={label}>
    {sticks.length === 0 && <p className="panel open">{none}</p>}
    {sticks.map((stick) => (
      <ToggleButton key={stick} className="option" isSelected={stick === chosen} onChange={() => set(stick)}>
        <Tick on={stick === chosen} />
        <span>{stick}</span>
      </ToggleButton>
    ))}
  </div>
);
