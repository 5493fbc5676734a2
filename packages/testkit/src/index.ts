export { FolderMover, type MoverFaults, type MoverTally } from './folder-mover.ts';
