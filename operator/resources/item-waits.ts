// What one item of a share may wait for on its way, as `status.items[].reason` says; of the request as a whole Ready then says Granting.
// They pass by themselves.
export const itemWaits = {
  GrantPending: { meaning: 'The grant in Lake Formation is being written, or waits for another of the same database.' },
  InvitationPending: {
    meaning:
      "RAM has not brought the table to the consumer's account yet. If it stays so, the message says how to have it sent again.",
  },
  LinkPending: { meaning: "The resource link in the consumer's account is being made." },
  NamePending: {
    meaning: "What it is called in the consumer's account is not known yet; it comes with the resource link.",
  },
  AccessPointPending: { meaning: 'The access point of the folder is being made, or AWS is still spreading it.' },
  PolicyPending: { meaning: 'A policy that names the role, or that the role has to have, is being written.' },
} as const;
