// What has a stack and AWS tags.

export interface StackTarget {
  readonly type: 'environment' | 'dataset';
  readonly uri: string;
  /** May change its tags, and have it brought up to date. */
  readonly isOwner: boolean;
}
