import { createApi, createUseRoute, currentLanguage } from '@sallyport/ui';

/** This page's connection to its own service. */
export const api = createApi(currentLanguage);

/** Reads a route of the exporter and reads it again every few seconds. */
export const useRoute = createUseRoute(api);
