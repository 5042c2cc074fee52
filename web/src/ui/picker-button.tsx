import { Popover } from "@base-ui/react/popover";
import { useRef, useState, type ReactNode } from "react";
import { ChoiceList, type ChoiceListProps } from "./choice-list.tsx";
import { Icon } from "./icon.tsx";
import { useEarlyKeys } from "./use-early-keys.ts";
import "./field.css";

type PopoverPickerProps = {
  readonly className: string;
  /** What is chosen, such as `Priority`, or what an icon-only button does. */
  readonly label: string;
  /** Whether the button's value follows the label: `Priority: High`. */
  readonly hasWords?: boolean;
  readonly trigger: ReactNode;
  readonly id?: string | undefined;
  /** The id of the validation message; undefined if the choice is valid. */
  readonly problemId?: string | undefined;
  readonly fieldName?: string | undefined;
  readonly children: (close: () => void) => ReactNode;
};

/** A button that opens a picker and gets the focus back. */
export function PopoverPicker({
  className,
  label,
  hasWords = true,
  trigger,
  id,
  problemId,
  fieldName,
  children,
}: PopoverPickerProps) {
  const [open, setOpen] = useState(false);
  const popup = useRef<HTMLDivElement>(null);
  useEarlyKeys(open, popup);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className={className}
        aria-label={hasWords ? undefined : label}
        title={hasWords ? undefined : label}
        aria-describedby={problemId}
        aria-invalid={problemId !== undefined || undefined}
        id={id}
        data-field={fieldName}
      >
        {hasWords && <span className="sr-only">{label}: </span>}
        {trigger}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="z-50">
          <Popover.Popup ref={popup} className="menu picker-popup" aria-label={label}>
            {children(() => setOpen(false))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

export type PickerButtonProps = Omit<PopoverPickerProps, "children" | "className" | "trigger"> & {
  /** The chosen value; null: none yet. */
  readonly value: ReactNode;
  readonly placeholder: string;
  readonly list: Omit<ChoiceListProps, "label">;
};

/** A field whose value is picked from a list. */
export function PickerButton({ value, placeholder, list, ...rest }: PickerButtonProps) {
  return (
    <PopoverPicker
      {...rest}
      className="picker"
      trigger={
        <>
          {value ?? <span className="truncate text-ink-3">{placeholder}</span>}
          <Icon name="down" size={12} className="ml-auto text-ink-4" />
        </>
      }
    >
      {(close) => (
        <ChoiceList
          {...list}
          label={rest.label}
          onChoose={(choice) => {
            list.onChoose(choice);
            if (list.multiple !== true) close();
          }}
        />
      )}
    </PopoverPicker>
  );
}
