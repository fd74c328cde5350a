// Puts something into the cart, or takes it out again.

import { ToggleButton } from '@cloudscape-design/components';
import { useCart } from './cart.ts';
import { cartStrings } from './strings.ts';

interface CartButtonProps {
  readonly datasetUri: string;
  /** Uri of an item; without, the dataset, whatever of it is chosen later. */
  readonly item?: string;
  /** What is put in, for who does not see where the button stands. */
  readonly name: string;
}

export function CartButton({ datasetUri, item, name }: CartButtonProps) {
  const cart = useCart();
  const isIn = cart.has(datasetUri, item);
  return (
    <ToggleButton
      pressed={isIn}
      iconName="add-plus"
      pressedIconName="check"
      ariaLabel={`${isIn ? cartStrings.remove : cartStrings.add}: ${name}`}
      onChange={({ detail }) => (detail.pressed ? cart.add(datasetUri, item) : cart.remove(datasetUri, item))}
    >
      {isIn ? cartStrings.isIn : cartStrings.add}
    </ToggleButton>
  );
}
