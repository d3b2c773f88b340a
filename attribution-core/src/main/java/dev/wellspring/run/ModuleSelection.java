package dev.wellspring.run;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/// Which linear maps are tracked: `mlp` (as Ruis et al.), `all`, or those whose whole name matches a regular
/// expression.
///
/// @param text what the user said
public record ModuleSelection(String text) {
    /// The selected modules, in forward order.
    ///
    /// @throws RunRefusedException when none matches, or the pattern is broken
    public Set<LinearModule> select(List<LinearModule> modules) {
        var selected = new LinkedHashSet<LinearModule>();
        for (LinearModule module : modules) {
            if (matches(module)) {
                selected.add(module);
            }
        }
        if (selected.isEmpty()) {
            throw new RunRefusedException("--modules " + text + ": expected mlp, all or a regular expression that"
                    + " matches module names such as " + modules.getFirst().name() + ", matched none of "
                    + modules.size());
        }
        return selected;
    }

    /// The modules of a model that a store keeps, in forward order.
    ///
    /// @throws RunRefusedException when the model lacks some
    public static List<LinearModule> stored(DecoderConfig config, GradientLayout layout) {
        Set<String> names = layout.modules().stream().map(StoredModule::name).collect(Collectors.toSet());
        List<LinearModule> stored = config.modules().stream()
                .filter(module -> names.contains(module.name()))
                .toList();
        if (stored.size() < names.size()) {
            throw new RunRefusedException("--model: expected the modules of the store, such as "
                    + layout.modules().getFirst().name() + ", found " + stored.size() + " of " + names.size()
                    + "; give the model that was indexed");
        }
        return stored;
    }

    private boolean matches(LinearModule module) {
        return switch (text) {
            case "mlp" -> module.part() == LinearModule.Part.MLP;
            case "all" -> true;
            default -> pattern().matcher(module.name()).matches();
        };
    }

    private Pattern pattern() {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException broken) {
            throw new RunRefusedException(
                    "--modules " + text + ": expected mlp, all or a regular expression, found one that does not parse ("
                            + broken.getDescription() + ")");
        }
    }
}
