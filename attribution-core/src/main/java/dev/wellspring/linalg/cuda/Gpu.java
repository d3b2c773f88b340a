package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.library.LibraryPaths;
import java.lang.foreign.MemorySegment;

/// One NVIDIA GPU: its memory, one stream of work in order, transfers, kernels, products and eigendecompositions.
@SuppressWarnings("DoNotCallSuggester")
public final class Gpu implements AutoCloseable {
    /// What came of opening a device.
    public sealed interface Opening {}

    /// A device that is ready; the caller closes it.
    public record Opened(Gpu gpu) implements Opening {}

    /// Why there is none, in one line.
    public record Absent(String reason) implements Opening {}

    /// How products of FLOAT32 matrices are formed.
    public enum Float32Products {
        /// In float32.
        EXACT,
        /// From factors rounded to TF32: 10 fraction bits.
        TF32
    }

    /// Opens a device for exact float32 products.
    ///
    /// @param device counted from 0 as the driver does
    public static Opening open(LibraryPaths paths, int device) {
        return open(paths, device, Float32Products.EXACT);
    }

    public static Opening open(LibraryPaths paths, int device, Float32Products products) {
        throw new UnsupportedOperationException();
    }

    Gpu() {}

    public int computeCapability() {
        throw new UnsupportedOperationException();
    }

    public String description() {
        throw new UnsupportedOperationException();
    }

    public long totalBytes() {
        throw new UnsupportedOperationException();
    }

    public long freeBytes() {
        throw new UnsupportedOperationException();
    }

    public DeviceMemory allocate(long byteSize) {
        throw new UnsupportedOperationException();
    }

    public void upload(MemorySegment host, long address) {
        throw new UnsupportedOperationException();
    }

    public void download(long address, MemorySegment host) {
        throw new UnsupportedOperationException();
    }

    public void copy(long from, long to, long byteSize) {
        throw new UnsupportedOperationException();
    }

    public void zero(long address, long byteSize) {
        throw new UnsupportedOperationException();
    }

    public KernelArguments arguments() {
        throw new UnsupportedOperationException();
    }

    public void launch(String kernel, long blocks, int threads, int sharedBytes, KernelArguments arguments) {
        throw new UnsupportedOperationException();
    }

    public void multiply(double alpha, DeviceMatrix a, DeviceMatrix b, double beta, DeviceMatrix c, int batch) {
        throw new UnsupportedOperationException();
    }

    public void multiplyArrays(
            double alpha,
            DeviceMatrix a,
            DeviceMatrix b,
            double beta,
            DeviceMatrix c,
            long aPointers,
            long bPointers,
            long cPointers,
            int batch) {
        throw new UnsupportedOperationException();
    }

    public void symmetricEigen(long matrix, int n, long values) {
        throw new UnsupportedOperationException();
    }

    public void synchronise() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
