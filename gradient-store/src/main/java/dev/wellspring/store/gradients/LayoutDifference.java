package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// In what two stores differ, for people.
final class LayoutDifference {
    private static final int DIGITS = 12;

    private LayoutDifference() {}

    /// Phrases, or null if there is no difference.
    static @Nullable String between(GradientLayout wanted, GradientLayout found) {
        List<String> differences = new ArrayList<>();
        if (!wanted.precision().equals(found.precision())) {
            differences.add("precision " + found.precision().word() + ", not "
                    + wanted.precision().word());
        }
        modules(wanted.modules(), found.modules(), differences);
        if (!wanted.store().equals(found.store())) {
            differences.add("identity " + shortened(found.store()) + ", not " + shortened(wanted.store())
                    + " (made with another model, other factors or other settings)");
        }
        return differences.isEmpty() ? null : String.join("; ", differences);
    }

    private static void modules(List<StoredModule> wanted, List<StoredModule> found, List<String> differences) {
        List<String> names = wanted.stream().map(StoredModule::name).toList();
        List<String> others = found.stream().map(StoredModule::name).toList();
        if (!names.equals(others)) {
            List<String> more = new ArrayList<>(others);
            List<String> fewer = new ArrayList<>(names);
            more.removeAll(names);
            fewer.removeAll(others);
            differences.add(
                    more.isEmpty() && fewer.isEmpty()
                            ? "modules in another order"
                            : "other modules: without " + fewer + ", with " + more);
            return;
        }
        for (int module = 0; module < wanted.size(); module++) {
            StoredModule here = found.get(module);
            StoredModule there = wanted.get(module);
            if (!here.equals(there)) {
                differences.add("module %s of %d x %d rank %d, not %d x %d rank %d"
                        .formatted(
                                here.name(),
                                here.gradientDirections(),
                                here.activationDirections(),
                                here.rank(),
                                there.gradientDirections(),
                                there.activationDirections(),
                                there.rank()));
                return; // one of hundreds is enough
            }
        }
    }

    private static String shortened(String identity) {
        return identity.length() <= DIGITS ? identity : identity.substring(0, DIGITS) + "…";
    }
}
