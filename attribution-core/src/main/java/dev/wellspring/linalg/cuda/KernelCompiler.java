package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.linalg.cuda.library.Nvrtc;
import dev.wellspring.linalg.cuda.library.UnavailableException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Compiles the kernels for a device with NVRTC, or takes what an earlier process compiled.
record KernelCompiler(Nvrtc nvrtc, KernelCache cache) {
    private static final List<String> OPTIONS = List.of("--std=c++17");

    /// What is compiled for.
    ///
    /// @param machineCode a cubin for one architecture, which a driver older than NVRTC takes too; else PTX,
    ///     which the driver compiles, and only if it is not the older one
    record Target(int architecture, boolean machineCode) {
        String option() {
            return "--gpu-architecture=" + (machineCode ? "sm_" : "compute_") + architecture;
        }

        String suffix() {
            return machineCode ? ".cubin" : ".ptx";
        }

        /// Machine code for the very device where NVRTC knows it, and PTX for the newest before it otherwise.
        ///
        /// @param architectures that NVRTC knows
        /// @throws UnavailableException when all are newer than the device
        static Target of(int computeCapability, int[] architectures, String version) {
            int newest = Arrays.stream(architectures)
                    .filter(architecture -> architecture <= computeCapability)
                    .max()
                    .orElseThrow(() -> new UnavailableException("NVRTC " + version + " no longer compiles for compute"
                            + " capability " + Device.words(computeCapability) + ", only for "
                            + Arrays.toString(architectures) + "; use an older one"));
            return new Target(newest, newest == computeCapability);
        }
    }

    /// The kernels as a module that the driver loads.
    ///
    /// @throws UnavailableException when NVRTC does not compile for the device
    /// @throws CudaException when they do not compile
    byte[] compile(KernelSources sources, int computeCapability) {
        String version = nvrtc.version();
        Target target = Target.of(computeCapability, nvrtc.supportedArchitectures(), version);
        List<String> options = options(target);
        String name = name(sources, options, version) + target.suffix();
        return cache.read(name).orElseGet(() -> {
            byte[] image = compile(sources, target, options);
            cache.write(name, image);
            return image;
        });
    }

    private static List<String> options(Target target) {
        return Stream.concat(Stream.of(target.option()), OPTIONS.stream()).toList();
    }

    private static String name(KernelSources sources, List<String> options, String version) {
        MessageDigest digest = sources.digest();
        options.forEach(option -> KernelSources.add(digest, option));
        KernelSources.add(digest, version);
        return HexFormat.of().formatHex(digest.digest());
    }

    private byte[] compile(KernelSources sources, Target target, List<String> options) {
        long program = nvrtc.nvrtcCreateProgram(sources.main(), KernelSources.MAIN, sources.included());
        try {
            compile(program, target, options);
            return target.machineCode() ? nvrtc.cubin(program) : nvrtc.ptx(program);
        } finally {
            nvrtc.nvrtcDestroyProgram(program);
        }
    }

    private void compile(long program, Target target, List<String> options) {
        try {
            nvrtc.nvrtcCompileProgram(program, options);
        } catch (CudaException failure) {
            String first = nvrtc.log(program).stream()
                    .filter(line -> line.contains("error"))
                    .findFirst()
                    .orElse("no error in its log");
            var worded = new CudaException(
                    failure.function(),
                    failure.status(),
                    "kernels that do not compile for " + target.option() + " with NVRTC " + nvrtc.version() + ": "
                            + first);
            worded.initCause(failure);
            throw worded;
        }
    }
}
