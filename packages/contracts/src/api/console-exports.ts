// Bodies and replies of the footage and export routes.
export { ApprovalBody as ReleaseApprovalBody } from './console-requests.ts';
