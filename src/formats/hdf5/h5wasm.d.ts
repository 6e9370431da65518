/** What Graft calls of h5wasm's compiled module; `library.ts` says why it is taken without the package's own wrapper. */
declare module '*/h5wasm/dist/esm/hdf5_util.js' {
  /** A new instance, with memory and files of its own. */
  // biome-ignore lint/style/noDefaultExport: this is how the package exports it.
  export default function instantiate(options: {
    readonly noInitialRun: true;
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
  }): Promise<H5Module>;

  /** https://github.com/usnistgov/h5wasm/blob/main/src/hdf5_util.cc. Pointers and file ids are bigint in its arguments. */
  export interface H5Module {
    /** Replaced whenever the memory grows. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    readonly FS: H5Files;
    readonly H5F_ACC_RDONLY: number;
    readonly H5F_ACC_TRUNC: number;
    readonly H5G_GROUP: number;
    readonly H5G_DATASET: number;
    /** 0: there is no memory left. */
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    UTF8ToString(pointer: number): string;

    /** Negative: it failed. -1 leaves the versions of the format to the library. */
    open(path: string, mode: number, trackOrder: boolean, lowest: number, highest: number): bigint;
    close_file(file: bigint): number;
    get_names(file: bigint, group: string, recursive: boolean): string[];
    get_symbolic_link(file: bigint, path: string): string | null;
    get_external_link(file: bigint, path: string): { readonly filename?: string };
    get_type(file: bigint, path: string): number;
    get_attribute_names(file: bigint, path: string): string[];
    get_attribute_metadata(file: bigint, path: string, name: string): H5Metadata;
    get_attribute_data(file: bigint, path: string, name: string, pointer: bigint): number;
    /** Frees the strings that reading an attribute allocated. */
    reclaim_vlen_memory(file: bigint, path: string, name: string, pointer: bigint): number;
    get_dataset_metadata(file: bigint, path: string): H5Metadata;
    get_dataset_filters(file: bigint, path: string): { readonly id: number; readonly name: string }[];
    /** null three times: all of it. */
    get_dataset_data(
      file: bigint,
      path: string,
      count: readonly bigint[] | null,
      offset: readonly bigint[] | null,
      strides: readonly bigint[] | null,
      pointer: bigint,
    ): number;
    create_group(file: bigint, path: string, trackOrder: boolean): number;
    create_dataset(file: bigint, path: string, pointer: bigint, metadata: H5NewMetadata): number;
    create_attribute(
      file: bigint,
      path: string,
      name: string,
      pointer: bigint,
      metadata: H5NewMetadata,
    ): number;
    create_vlen_str_attribute(
      file: bigint,
      path: string,
      name: string,
      values: readonly string[],
      metadata: H5NewMetadata,
    ): number;
  }

  export interface H5Metadata {
    /** H5T_class_t: https://support.hdfgroup.org/documentation/hdf5/latest/group___h5_t.html */
    readonly type: number;
    /** Bytes of one element in memory; of a variable-length string: of the pointer to it. */
    readonly size: number;
    readonly signed: boolean;
    readonly vlen: boolean;
    /** H5T_str_t, of strings alone. */
    readonly strpad?: number;
    /** null: there is no dataspace, which is how h5py writes `Empty`. */
    readonly shape: readonly number[] | null;
    readonly total_size: number;
    readonly chunks: readonly number[] | null;
    readonly virtual_sources?: readonly unknown[];
    readonly enum_type?: { readonly nmembers: number; readonly members: Readonly<Record<string, number>> };
  }

  export interface H5NewMetadata {
    readonly type: number;
    readonly size: number;
    readonly signed: boolean;
    readonly vlen: boolean;
    /** 0: ASCII, which h5wasm writes null-terminated, as h5py does. */
    readonly cset?: 0;
    readonly shape: readonly bigint[];
  }

  /** Emscripten's WORKERFS, which reads Blobs; only in workers. */
  export interface BlobFiles {
    readonly stream_ops: {
      /** `buffer` is the library's memory. Returns how many bytes were read. */
      read: (
        stream: unknown,
        buffer: Int8Array<ArrayBuffer>,
        offset: number,
        length: number,
        position: number,
      ) => number;
    };
  }

  /** https://emscripten.org/docs/api_reference/Filesystem-API.html */
  export interface H5Files {
    readonly ErrnoError: new (errno: number) => Error;
    readonly filesystems: { readonly WORKERFS?: BlobFiles };
    open(path: string, ...rest: unknown[]): unknown;
    writeFile(path: string, bytes: Uint8Array, options: { readonly canOwn: boolean }): void;
    readFile(path: string): Uint8Array<ArrayBuffer>;
    readdir(path: string): string[];
    mkdir(path: string): void;
    rmdir(path: string): void;
    unlink(path: string): void;
    mount(
      type: object,
      options: { readonly blobs: readonly { readonly name: string; readonly data: Blob }[] },
      path: string,
    ): void;
    unmount(path: string): void;
    /** Open files by descriptor, the three standard ones included. */
    readonly streams: readonly unknown[];
  }
}
