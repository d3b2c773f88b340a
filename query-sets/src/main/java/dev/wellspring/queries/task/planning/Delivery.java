package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.planning.Routes.Move;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Least plans for problems of Logistics whose goal is that packages are at locations, by A*.
///
/// The search chooses journeys alone. A package has one truck to take it, so it is loaded as soon as that truck is
/// there. Which of several airplanes takes it is settled when the first of those that could have taken it arrives. So
/// every plan loads and unloads each package equally often, and the least plan is the one with the least journeys.
///
/// It never pays to change airplanes where there are three cities at most. Say A brings a package from O to H, and B
/// takes it on to D. If B was in O after A, the package could have waited there for B. If not, all that B takes to D
/// could have waited for A, which then goes to D, and on like B, while B goes on like A.
final class Delivery {
    private static final int MAX_STATES = 2_000_000;

    private final Places places;
    private final Routes routes;
    private final Freight start;
    private final Domain domain;

    private Delivery(Places places, Routes routes, Freight start, Domain domain) {
        this.places = places;
        this.routes = routes;
        this.start = start;
        this.domain = domain;
    }

    /// The problem, if it is one: a city has one truck and one airport, and the goal is a location for packages.
    static Optional<Delivery> of(Problem problem) {
        return problem.domain().kinds().containsValue("truck")
                ? Places.of(problem)
                        .map(places -> new Delivery(places, places.routes(), places.start(), problem.domain()))
                : Optional.empty();
    }

    /// A plan of least actions.
    ///
    /// @throws IllegalArgumentException if it is not found within two million states
    List<Step> shortestPlan() {
        return plan(1, 1);
    }

    /// A plan of least time.
    ///
    /// @throws IllegalArgumentException if it is not found within two million states
    List<Step> quickestPlan() {
        return plan(minutes("drive-truck"), minutes("fly-airplane"));
    }

    private int minutes(String operator) {
        return domain.operators().stream()
                .filter(candidate -> candidate.name().equals(operator))
                .mapToInt(Operator::minutes)
                .findFirst()
                .orElseThrow();
    }

    private List<Step> plan(int drive, int fly) {
        List<Move> moves = new ArrayList<>();
        for (Node node = search(drive, fly); node.previous != null && node.move != null; node = node.previous) {
            moves.add(node.move);
        }
        Collections.reverse(moves);
        return new Itinerary(places, routes).steps(start, moves);
    }

    private Node search(int drive, int fly) {
        Freight first = routes.settle(start, Routes.Events.NONE);
        Map<Freight, Integer> best = new HashMap<>();
        PriorityQueue<Node> open = new PriorityQueue<>(Comparator.comparingInt(Node::least)
                .thenComparing(Node::spent, Comparator.reverseOrder())
                .thenComparing(Node::number));
        open.add(new Node(first, 0, routes.estimate(first, drive, fly), 0, null, null));
        best.put(first, 0);
        int number = 0;
        while (!open.isEmpty() && best.size() <= MAX_STATES) {
            Node node = open.remove();
            if (routes.isDone(node.freight)) {
                return node;
            }
            if (node.spent > best.getOrDefault(node.freight, 0)) {
                continue;
            }
            for (Move move : routes.moves(node.freight)) {
                Freight next = routes.settle(routes.after(node.freight, move), Routes.Events.NONE);
                int spent = node.spent + (move.flies() ? fly : drive);
                if (spent < best.getOrDefault(next, Integer.MAX_VALUE)) {
                    best.put(next, spent);
                    int least = spent + routes.estimate(next, drive, fly);
                    open.add(new Node(next, spent, least, ++number, node, move));
                }
            }
        }
        throw new IllegalArgumentException(
                "deliveries: expected a plan within " + MAX_STATES + " states; choose fewer packages or locations");
    }

    private record Node(
            Freight freight,
            int spent,
            int least,
            int number,
            @Nullable Node previous,
            @Nullable Move move) {}
}
