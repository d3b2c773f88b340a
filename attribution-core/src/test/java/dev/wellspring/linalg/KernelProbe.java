package dev.wellspring.linalg;

import dev.wellspring.linalg.DotProductKernels.Opened;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;

/// Says which kernel a JVM takes, and why: the main class of a process of its own.
final class KernelProbe {
    private KernelProbe() {}

    public static void main(String[] words) {
        try (var algebra = new ReferenceLinearAlgebra()) {
            Opened opened = DotProductKernels.open(words[0], algebra, RowParallel.serial());
            try (DotProducts products = opened.products()) {
                System.out.println(products.name() + ": " + opened.why());
            }
        } catch (IllegalArgumentException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
