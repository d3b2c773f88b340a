package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.library.CudaDriver;
import dev.wellspring.linalg.cuda.library.UnavailableException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A device as the driver knows it.
///
/// @param handle a `CUdevice`
/// @param computeCapability 90 for 9.0
/// @param driverVersion the newest CUDA that its driver serves: 12080 for 12.8
record Device(int handle, String name, int computeCapability, long totalBytes, int driverVersion) {
    /// CUDA 12.0.
    private static final int OLDEST_DRIVER = 12_000;

    /// Turing, the oldest that CUDA 13 compiles for.
    private static final int OLDEST_CAPABILITY = 75;

    /// The contexts that this process holds.
    private static final Set<Long> HELD = ConcurrentHashMap.newKeySet();

    /// @param ordinal counted from 0
    /// @throws UnavailableException when there is no such device, or it or its driver is too old
    static Device find(CudaDriver driver, int ordinal) {
        int version = driver.driverVersion();
        if (version < OLDEST_DRIVER) {
            throw new UnavailableException("the NVIDIA driver is too old: it serves CUDA " + versionWords(version)
                    + ", expected 12.0 or later; install driver 525 or later");
        }
        int count = driver.deviceCount();
        if (ordinal < 0 || ordinal >= count) {
            throw new UnavailableException("no NVIDIA device " + ordinal + ": the driver knows " + count
                    + "; see which ones nvidia-smi lists and CUDA_VISIBLE_DEVICES leaves");
        }
        int handle = driver.cuDeviceGet(ordinal);
        String name = driver.cuDeviceGetName(handle);
        int capability =
                10 * driver.cuDeviceGetAttribute(CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, handle)
                        + driver.cuDeviceGetAttribute(CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, handle);
        if (capability < OLDEST_CAPABILITY) {
            throw new UnavailableException("the device is too old: " + name + " has compute capability "
                    + words(capability) + ", expected " + words(OLDEST_CAPABILITY) + " or later");
        }
        return new Device(handle, name, capability, driver.cuDeviceTotalMem(handle), version);
    }

    /// Its primary context, which this process holds once and never lets go: the driver would take it down with the
    /// last one who lets go, and with it what loaded libraries have there.
    long context(CudaDriver driver) {
        long context = driver.cuDevicePrimaryCtxRetain(handle);
        if (!HELD.add(context)) {
            driver.cuDevicePrimaryCtxRelease(handle);
        }
        return context;
    }

    /// 9.0 for 90.
    static String words(int computeCapability) {
        return computeCapability / 10 + "." + computeCapability % 10;
    }

    private static String versionWords(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    String description() {
        return name + ", compute capability " + words(computeCapability) + ", " + ByteSizes.words(totalBytes)
                + ", driver " + versionWords(driverVersion);
    }
}
