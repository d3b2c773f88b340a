package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.Closing;
import dev.wellspring.linalg.Transfer;
import dev.wellspring.linalg.cuda.library.CudaDriver;
import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.linalg.cuda.library.LibraryLoader;
import dev.wellspring.linalg.cuda.library.LibraryPaths;
import dev.wellspring.linalg.cuda.library.MathLibraries;
import dev.wellspring.linalg.cuda.library.UnavailableException;
import dev.wellspring.tensor.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// One NVIDIA GPU: its memory, one stream of work, transfers, kernels, products and eigendecompositions.
///
/// What is asked for is done in order, later, but for [#uploadBeside], which goes on beside the rest: only
/// [#download], [#symmetricEigen] and [#synchronise] wait. A failure of something asked for earlier can show
/// in any later call. One thread at a time uses an instance; addresses and sizes are those of the device and
/// trusted.
///
/// Every method throws [CudaException] when the driver or a library refuses.
public final class Gpu implements AutoCloseable {
    /// The environment variable that, set to `on`, asks for TF32 products of FLOAT32 models.
    public static final String TF32_SWITCH = "WELLSPRING_TF32";

    private final CudaDriver driver;
    private final Device device;
    private final Closing closing;
    private final long context;
    private final long stream;
    private final DevicePool pool;
    private final Staging staging;
    private final CopyStream copies;
    private final Products products;
    private final Eigendecomposition eigendecomposition;
    private final KernelModule kernels;
    private final KernelArguments arguments;
    private final String description;
    private boolean closed;

    /// What came of opening a device.
    public sealed interface Opening {}

    /// A device that is ready; the caller closes it.
    public record Opened(Gpu gpu) implements Opening {}

    /// Why there is none, and what to do where that is known, in one line.
    public record Absent(String reason) implements Opening {}

    /// How products of FLOAT32 matrices are formed.
    public enum Float32Products {
        /// In float32.
        EXACT,
        /// From factors rounded to TF32, which has 10 fraction bits; sums in float32.
        TF32
    }

    /// Opens a device for exact float32 products.
    ///
    /// @param device counted from 0, as the driver does
    public static Opening open(LibraryPaths paths, int device) {
        return open(paths, device, Float32Products.EXACT);
    }

    /// Opens a device: loads the driver and the libraries, and compiles the kernels, unless an earlier process has.
    ///
    /// @param device counted from 0, as the driver does
    public static Opening open(LibraryPaths paths, int device, Float32Products products) {
        return open(paths, device, products, KernelSources.ofResources(), KernelCache.ofUser());
    }

    /// The same with other kernels, kept elsewhere.
    static Opening open(
            LibraryPaths paths, int device, Float32Products products, KernelSources sources, KernelCache cache) {
        try {
            LibraryLoader loader = LibraryLoader.of(paths);
            CudaDriver driver = CudaDriver.open(loader);
            Device found = Device.find(driver, device);
            MathLibraries libraries = MathLibraries.open(loader, found.driverVersion());
            var compiler = new KernelCompiler(libraries.nvrtc(), cache);
            byte[] image = compiler.compile(sources, found.computeCapability());
            return new Opened(new Gpu(driver, found, libraries, products, image));
        } catch (UnavailableException | CudaException failure) {
            return new Absent(oneLine(failure));
        }
    }

    /// How many devices the driver lists; none where there is no driver.
    public static int count(LibraryPaths paths) {
        try {
            return CudaDriver.open(LibraryLoader.of(paths)).deviceCount();
        } catch (UnavailableException | CudaException | UnsatisfiedLinkError absent) {
            return 0;
        }
    }

    /// What is missing for a device to be opened, in one line, or nothing; looks, and opens none.
    public static Optional<String> lack(LibraryPaths paths) {
        try {
            LibraryLoader loader = LibraryLoader.of(paths);
            MathLibraries.open(loader, Device.find(CudaDriver.open(loader), 0).driverVersion());
            return Optional.empty();
        } catch (UnavailableException | CudaException failure) {
            return Optional.of(oneLine(failure));
        }
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private Gpu(CudaDriver driver, Device device, MathLibraries libraries, Float32Products float32, byte[] image) {
        this.driver = driver;
        this.device = device;
        try (var opened = new Closing()) {
            context = device.context(driver);
            driver.cuCtxSetCurrent(context);
            stream = driver.cuStreamCreate(CudaDriver.CU_STREAM_NON_BLOCKING);
            opened.add(() -> driver.cuStreamDestroy(stream));
            Arena arena = Arena.ofShared();
            opened.add(arena);
            pool = new DevicePool(driver, stream);
            opened.add(pool);
            staging = new Staging(driver, stream);
            opened.add(staging);
            copies = new CopyStream(driver, context, stream);
            opened.add(copies);
            products = new Products(libraries.cublas(), driver, stream, device.computeCapability(), float32, arena);
            opened.add(products);
            eigendecomposition = new Eigendecomposition(libraries, pool, staging, products, stream);
            opened.add(eigendecomposition);
            kernels = new KernelModule(driver, stream, image);
            opened.add(kernels);
            arguments = new KernelArguments(arena);
            description = device.description() + ", cuBLAS " + products.version() + ", NVRTC "
                    + libraries.nvrtc().version();
            closing = opened.keep();
        }
    }

    /// 90 for 9.0.
    public int computeCapability() {
        return device.computeCapability();
    }

    /// One line for people: device, compute capability, memory, and the versions of driver and libraries.
    public String description() {
        return description;
    }

    /// The size of the device's memory.
    public long totalBytes() {
        return device.totalBytes();
    }

    /// What can still be allocated, but for what fragments cost.
    public long freeBytes() {
        enter();
        return pool.freeBytes();
    }

    /// New zeroed memory, 256-byte aligned, which may have no bytes. The caller closes it.
    ///
    /// @throws CudaException when the device has too little left; it says how much
    public DeviceMemory allocate(long byteSize) {
        enter();
        return pool.allocate(byteSize);
    }

    /// The same with arbitrary contents.
    DeviceMemory allocateUninitialised(long byteSize) {
        enter();
        return pool.allocateUninitialised(byteSize);
    }

    /// Copies all bytes of an array or of native memory to the device; they may be changed on return.
    public void upload(MemorySegment host, long address) {
        enter();
        staging.upload(host, address);
    }

    /// Copies as many bytes as `host` has from the device, after all work before.
    public void download(long address, MemorySegment host) {
        enter();
        staging.download(address, host);
    }

    /// Copies as many bytes as `pinned` has from the device to it, after all work before.
    void downloadPinned(long address, MemorySegment pinned) {
        enter();
        staging.downloadPinned(address, pinned);
    }

    /// New zeroed memory of the host that the device reads and writes by itself. The caller closes it.
    ///
    /// @throws CudaException when the host has too little left
    public HostMemory allocatePinned(long byteSize) {
        enter();
        return copies.allocate(byteSize);
    }

    /// Copies pinned memory to a block of the device, beside other work: after what was asked for before, and before
    /// what is asked for once [Transfer#await] was called. Both may be closed meanwhile.
    ///
    /// @param offset where in the block the bytes go
    public Transfer uploadBeside(MemorySegment pinned, DeviceMemory target, long offset) {
        enter();
        return copies.upload(pinned, target, offset);
    }

    /// Waits for what [#uploadBeside] was asked: pinned memory may be written again.
    public void synchroniseCopies() {
        enter();
        copies.synchronise();
    }

    /// Copies within the device; the two ranges do not overlap.
    public void copy(long from, long to, long byteSize) {
        enter();
        if (byteSize > 0) {
            driver.cuMemcpyDtoDAsync(to, from, byteSize, stream);
        }
    }

    /// Writes zeros.
    public void zero(long address, long byteSize) {
        enter();
        if (byteSize > 0) {
            driver.cuMemsetD8Async(address, (byte) 0, byteSize, stream);
        }
    }

    /// The arguments of the next launch, none yet; the same object every time.
    public KernelArguments arguments() {
        return arguments.clear();
    }

    /// Runs a kernel.
    ///
    /// @param kernel its name in the sources
    /// @param blocks of a grid on one axis; kernels loop over what exceeds it
    /// @param threads of a block
    /// @param sharedBytes of dynamic shared memory per block
    /// @throws IllegalArgumentException when there is no kernel of that name
    public void launch(String kernel, long blocks, int threads, int sharedBytes, KernelArguments arguments) {
        enter();
        // The driver may load a kernel only now.
        pool.withRoom(() -> kernels.launch(kernel, blocks, threads, sharedBytes, arguments));
    }

    /// C = α·A·B + β·C for each of `batch` matrices, with A (m, k), B (k, n), C (m, n) and k ≥ 1. With β = 0 C
    /// is not read. A and B are of one type: FLOAT64 into FLOAT64, FLOAT32 into FLOAT32, BFLOAT16 into
    /// BFLOAT16 or FLOAT32, with sums in FLOAT32.
    public void multiply(double alpha, DeviceMatrix a, DeviceMatrix b, double beta, DeviceMatrix c, int batch) {
        enter();
        pool.withRoom(() -> products.multiply(alpha, a, b, beta, c, batch));
    }

    /// Eigenvalues, rising, of the symmetric FLOAT64 matrix (n, n), row-major, and its eigenvectors in place, one a
    /// row, since cuSOLVER writes columns of a column-major matrix. Only the lower triangle is decomposed, but the
    /// other has to be finite too, and numbers within about 1e±100, since cuSOLVER does not scale. Needs workspace
    /// of about three times the matrix.
    ///
    /// @param values (n), FLOAT64
    /// @throws ArithmeticException when the matrix has NaN or infinities, or the iteration does not converge
    /// @throws CudaException from n = 26,755 on before CUDA 13; out of memory too, and the matrix is lost then;
    ///     within [#withRoom] it is made again
    public void symmetricEigen(long matrix, int n, long values) {
        enter();
        eigendecomposition.decompose(matrix, n, values);
    }

    /// Does something, and where the device runs out of memory over it, returns to the driver what closed
    /// tensors have left and does it once again.
    ///
    /// @param work that may be begun anew
    public void withRoom(Runnable work) {
        enter();
        pool.withRoom(work);
    }

    /// Waits for all work.
    public void synchronise() {
        enter();
        copies.synchronise();
        driver.cuStreamSynchronize(stream);
    }

    /// The driver keeps a context for each thread, and several devices may be in use.
    private void enter() {
        if (closed) {
            throw new IllegalStateException("device: expected it open, got it closed");
        }
        driver.cuCtxSetCurrent(context);
    }

    /// Waits for all work and gives back everything, tensors' memory too. Closing twice is allowed.
    @Override
    public void close() {
        if (!closed) {
            driver.cuCtxSetCurrent(context);
            closed = true;
            try (closing) {
                copies.synchronise();
                driver.cuStreamSynchronize(stream);
            }
        }
    }
}
