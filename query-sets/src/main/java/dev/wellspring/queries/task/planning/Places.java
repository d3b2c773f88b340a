package dev.wellspring.queries.task.planning;

import static dev.wellspring.queries.task.planning.Freight.IN_TRUCK;
import static dev.wellspring.queries.task.planning.Freight.NO_CITY;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The names behind the numbers of a [Delivery]: a number is a place in one of these lists.
final class Places {
    private static final int MAX_LOCATIONS = 16;
    private static final int MAX_CITIES = 3;
    private static final int MAX_AIRPLANES = 3;
    private static final int MAX_PACKAGES = 9;

    private final Map<String, List<String>> kinds = new HashMap<>();
    private final Map<String, String> at = new HashMap<>();
    private final Map<String, String> in = new HashMap<>();
    private final Map<String, String> cityOf = new HashMap<>();
    private final Map<String, String> goals = new HashMap<>();
    private final List<String> trucks = new ArrayList<>();
    private final List<String> airports = new ArrayList<>();
    private final List<String> packages;

    private Places(Problem problem) {
        for (Fact fact : problem.start().facts()) {
            String first = fact.arguments().getFirst();
            String last = fact.arguments().getLast();
            switch (fact.predicate()) {
                case "at" -> at.put(first, last);
                case "in" -> in.put(first, last);
                case "in-city" -> cityOf.put(first, last);
                default ->
                    kinds.computeIfAbsent(fact.predicate(), kind -> new ArrayList<>())
                            .add(first);
            }
        }
        for (String city : all("city")) {
            all("truck").stream()
                    .filter(truck -> city.equals(cityOf.get(at.get(truck))))
                    .forEach(trucks::add);
            all("airport").stream()
                    .filter(airport -> city.equals(cityOf.get(airport)))
                    .forEach(airports::add);
        }
        for (Fact goal : problem.goal()) {
            goals.put(goal.arguments().getFirst(), goal.arguments().getLast());
        }
        packages = all("obj").stream().filter(goals::containsKey).toList();
    }

    /// The places of a problem, if it is one for [Delivery].
    static Optional<Places> of(Problem problem) {
        Places places = new Places(problem);
        return places.fit(problem) ? Optional.of(places) : Optional.empty();
    }

    private boolean fit(Problem problem) {
        int cities = all("city").size();
        return cities <= MAX_CITIES
                && all("truck").size() == cities
                && all("airport").size() == cities
                && all("city").equals(airports.stream().map(cityOf::get).toList())
                && all("city")
                        .equals(trucks.stream().map(at::get).map(cityOf::get).toList())
                && all("airplane").size() <= MAX_AIRPLANES
                && all("airplane").stream().map(at::get).allMatch(airports::contains)
                && all("location").size() <= MAX_LOCATIONS
                && packages.size() <= MAX_PACKAGES
                && packages.size() == problem.goal().size()
                && problem.goal().stream()
                        .allMatch(goal -> goal.predicate().equals("at")
                                && cityOf.containsKey(goal.arguments().getLast()));
    }

    private List<String> all(String kind) {
        return kinds.getOrDefault(kind, List.of());
    }

    /// The map, and where the packages are to go.
    Routes routes() {
        return new Routes(
                all("location").stream().mapToInt(this::city).toArray(),
                airports.stream().mapToInt(all("location")::indexOf).toArray(),
                packages.stream()
                        .mapToInt(parcel -> all("location").indexOf(goals.get(parcel)))
                        .toArray(),
                all("airplane").size());
    }

    private int city(String location) {
        return all("city").indexOf(cityOf.get(location));
    }

    /// Where everything is at the start.
    Freight start() {
        Freight freight = new Freight(0, 0);
        for (int city = 0; city < trucks.size(); city++) {
            freight = freight.drive(city, all("location").indexOf(at.get(trucks.get(city))));
        }
        for (int airplane = 0; airplane < all("airplane").size(); airplane++) {
            freight = freight.fly(
                    airplane, airports.indexOf(at.get(all("airplane").get(airplane))));
        }
        for (int parcel = 0; parcel < packages.size(); parcel++) {
            freight = freight.with(parcel, status(packages.get(parcel)));
        }
        return freight;
    }

    private int status(String parcel) {
        String vehicle = in.get(parcel);
        if (vehicle == null) {
            return all("location").indexOf(at.get(parcel));
        }
        int truck = trucks.indexOf(vehicle);
        return truck >= 0
                ? IN_TRUCK + truck
                : Routes.byAir(NO_CITY, 1 << all("airplane").indexOf(vehicle));
    }

    String location(int number) {
        return all("location").get(number);
    }

    String city(int number) {
        return all("city").get(number);
    }

    String airport(int city) {
        return airports.get(city);
    }

    String truck(int city) {
        return trucks.get(city);
    }

    String airplane(int number) {
        return all("airplane").get(number);
    }

    String parcel(int number) {
        return packages.get(number);
    }
}
