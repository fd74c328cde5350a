// Links to pages of ours: followed without loading the page anew, and still links to who opens them in a tab of their own.

import { Button, Link, type ButtonProps, type LinkProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';

type Followed = { preventDefault(): void; detail: { href?: string | undefined } };

/** For `onFollow` of Cloudscape's components. */
export function useFollow(): (event: Followed) => void {
  const navigate = useNavigate();
  return (event) => {
    if (event.detail.href === undefined || !event.detail.href.startsWith('/')) return;
    event.preventDefault();
    void navigate(event.detail.href);
  };
}

interface RouteLinkProps extends Pick<LinkProps, 'variant' | 'fontSize' | 'ariaLabel'> {
  readonly href: string;
  readonly children: ReactNode;
}

export const RouteLink = ({ children, ...props }: RouteLinkProps) => (
  <Link {...props} onFollow={useFollow()}>
    <bdi>{children}</bdi>
  </Link>
);

interface RouteButtonProps extends Pick<ButtonProps, 'variant' | 'ariaLabel' | 'iconName' | 'disabled'> {
  readonly href: string;
  readonly children: ReactNode;
}

export const RouteButton = (props: RouteButtonProps) => <Button {...props} onFollow={useFollow()} />;
