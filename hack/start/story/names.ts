/** Names of the story's objects in Kubernetes, as examples/ has them. */
export const ORDERS_SHARE = 'sharerequest orders-for-analysts -n marketing-prod';
export const CATALOGUE_SHARE = 'sharerequest catalogue-for-analysts -n marketing-prod';
