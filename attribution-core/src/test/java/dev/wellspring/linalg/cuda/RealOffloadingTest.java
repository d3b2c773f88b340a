package dev.wellspring.linalg.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.wellspring.linalg.cuda.library.LibraryPaths;

/// On the GPU of this machine, whose streams are as late as they are, or skipped.
class RealOffloadingTest extends OffloadingContract {
    @Override
    Gpu open() {
        return switch (Gpu.open(LibraryPaths.ofSystem(), 0)) {
            case Gpu.Opened(Gpu gpu) -> gpu;
            case Gpu.Absent(String reason) -> abort(reason);
        };
    }

    @Override
    void makeHasty(int which) {}

    @Override
    void expectNothingPinned() {}
}
