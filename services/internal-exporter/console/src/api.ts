import { createApi, currentLanguage } from '@sallyport/ui';

/** This page's connection to its own service. */
export const api = createApi(currentLanguage);
