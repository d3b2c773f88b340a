package dev.wellspring.linalg.cuda.library;

/// What to do about statuses of the driver that people meet.
final class DriverAdvice {
    private static final int CUDA_ERROR_OUT_OF_MEMORY = 2;
    private static final int CUDA_ERROR_STUB_LIBRARY = 34;
    private static final int CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER = 36;
    private static final int CUDA_ERROR_DEVICE_UNAVAILABLE = 46;
    private static final int CUDA_ERROR_NO_DEVICE = 100;
    private static final int CUDA_ERROR_INVALID_DEVICE = 101;
    private static final int CUDA_ERROR_INVALID_IMAGE = 200;
    private static final int CUDA_ERROR_NO_BINARY_FOR_GPU = 209;
    private static final int CUDA_ERROR_ECC_UNCORRECTABLE = 214;
    private static final int CUDA_ERROR_INVALID_PTX = 218;
    private static final int CUDA_ERROR_JIT_COMPILER_NOT_FOUND = 221;
    private static final int CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222;
    private static final int CUDA_ERROR_ILLEGAL_ADDRESS = 700;
    private static final int CUDA_ERROR_LAUNCH_TIMEOUT = 702;
    private static final int CUDA_ERROR_MISALIGNED_ADDRESS = 716;
    private static final int CUDA_ERROR_LAUNCH_FAILED = 719;
    private static final int CUDA_ERROR_SYSTEM_NOT_READY = 802;
    private static final int CUDA_ERROR_SYSTEM_DRIVER_MISMATCH = 803;
    private static final int CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE = 804;
    private static final int CUDA_ERROR_UNKNOWN = 999;

    private DriverAdvice() {}

    /// Empty where none is known.
    static String of(int status) {
        return switch (status) {
            case CUDA_ERROR_OUT_OF_MEMORY ->
                "lower --memory, or end other processes on the device (nvidia-smi lists them)";
            case CUDA_ERROR_STUB_LIBRARY -> "take the toolkit's folder `stubs` out of LD_LIBRARY_PATH";
            case CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER -> "install a newer driver";
            case CUDA_ERROR_DEVICE_UNAVAILABLE ->
                "another process may have the device for itself; see its compute mode in nvidia-smi";
            case CUDA_ERROR_NO_DEVICE, CUDA_ERROR_INVALID_DEVICE ->
                "see which devices nvidia-smi lists and CUDA_VISIBLE_DEVICES leaves";
            case CUDA_ERROR_INVALID_IMAGE,
                    CUDA_ERROR_NO_BINARY_FOR_GPU,
                    CUDA_ERROR_INVALID_PTX,
                    CUDA_ERROR_JIT_COMPILER_NOT_FOUND,
                    CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
                "the driver does not take what NVRTC compiled; install a newer driver, or the NVRTC of the driver's CUDA "
                        + "version, and name its folder in " + LibraryPaths.SETTING;
            case CUDA_ERROR_ECC_UNCORRECTABLE -> "the device's memory is at fault; restart the machine";
            case CUDA_ERROR_ILLEGAL_ADDRESS, CUDA_ERROR_MISALIGNED_ADDRESS, CUDA_ERROR_LAUNCH_FAILED ->
                "an earlier kernel failed, and the process can no longer use the device; compute-sanitizer names it";
            case CUDA_ERROR_LAUNCH_TIMEOUT -> "the device also drives a display, which bounds the time of a kernel";
            case CUDA_ERROR_SYSTEM_NOT_READY -> "start the service nvidia-fabricmanager";
            case CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
                "the driver was updated while in use; restart the machine, or match the container's driver to it";
            case CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
                "take the cuda-compat libraries out of LD_LIBRARY_PATH: this device needs its own driver";
            case CUDA_ERROR_UNKNOWN -> "see whether nvidia-smi works";
            default -> "";
        };
    }
}
