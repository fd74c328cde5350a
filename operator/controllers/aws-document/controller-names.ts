// Names of the two controllers that wake each other all the time.

export const documentController = 'document';
/** Every run of a document wakes the requests that it serves. */
export const shareController = 'sharerequest';
