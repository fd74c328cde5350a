// The way to what is in the cart; nothing while nothing is in it.

import { RouteButton } from '../../../ui/route-link.tsx';
import { useCart } from './cart.ts';
import { cartStrings } from './strings.ts';

export function ToCart() {
  const { entries } = useCart();
  return entries.length === 0 ? null : <RouteButton href="/request">{cartStrings.request(entries.length)}</RouteButton>;
}
