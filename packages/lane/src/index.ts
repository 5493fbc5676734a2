export { drainLane, type DrainOptions, type DrainResult } from './drain.ts';
export {
  MAX_BODY_BYTES,
  MAX_FRAME_BYTES,
  frameFileName,
  makeFrame,
  openFrame,
  type Frame,
  type FrameFields,
  type SealedFrame,
} from './frame.ts';
export * from './sequence/tracker.ts';
export {
  SpoolReceiver,
  type Arrival,
  type ArrivedFrame,
  type RefusedFile,
  type SpoolReceiverOptions,
} from './spool/receiver.ts';
export { SpoolSender } from './spool/sender.ts';
export {
  TransferAssembler,
  type PartRange,
  type TransferId,
  type TransferProgress,
} from './transfer/assembler.ts';
export {
  shapeOf,
  sizeOfPart,
  type PartKind,
  type PartPlace,
  type TransferShape,
} from './transfer/shape.ts';
export { splitFile, type FilePart } from './transfer/split.ts';
