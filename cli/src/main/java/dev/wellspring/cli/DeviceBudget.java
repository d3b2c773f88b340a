package dev.wellspring.cli;

import dev.wellspring.linalg.DeviceSpace;
import dev.wellspring.run.MemoryBudget;
import java.util.Locale;
import java.util.Optional;

/// What a run may take of a device's memory, so that it never runs out halfway.
///
/// Without `--memory` that is nine tenths of the device, which nobody else may then use: how a run is cut must not
/// depend on what happened to be free, since a run that is resumed has to be cut the same way.
final class DeviceBudget {
    /// What drivers and desktops hold of a device that is otherwise free: an allowance, not a measurement.
    private static final double USUALLY_FREE = 0.9;

    private static final double GIBI = 1L << 30;

    private DeviceBudget() {}

    /// @param asked `--memory`, if given: what may be taken beside the weights
    /// @param weights of the model, in bytes
    /// @param host what may be taken of the host's memory, where what does not fit on the device waits
    /// @throws BadInputException when too little is free
    static MemoryBudget of(DeviceSpace device, Optional<MemorySize> asked, long weights, MemorySize host) {
        long beside = weights + MemoryBudget.DEVICE_RESERVE;
        long planned = asked.map(size -> Math.min(device.totalBytes(), beside + size.bytes()))
                .orElse((long) (device.totalBytes() * USUALLY_FREE));
        if (planned > device.freeBytes()) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "device memory: expected %.1f GiB free, got %.1f of %.1f GiB; end what else runs there, choose"
                            + " another GPU with CUDA_VISIBLE_DEVICES, or give --memory %.1fG",
                    planned / GIBI,
                    device.freeBytes() / GIBI,
                    device.totalBytes() / GIBI,
                    Math.max(0.1, Math.floor((device.freeBytes() - beside) / GIBI * 10) / 10)));
        }
        return MemoryBudget.ofDevice(planned, weights, host.bytes());
    }
}
