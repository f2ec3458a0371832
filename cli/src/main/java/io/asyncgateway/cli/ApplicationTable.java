package io.asyncgateway.cli;

import io.asyncgateway.server.LifespanMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options that say what to serve. */
final class ApplicationTable {
    private static final ValueType<Target> TARGET =
            new ValueType<>("TARGET", Target.EXPECTED, Target::parse, Target::toString);

    private ApplicationTable() {}

    static List<Option> options() {
        return List.of(
                Option.withoutDefault(
                                OptionGroup.APPLICATION,
                                "target",
                                TARGET,
                                (launch, value) -> launch.withApplication(app -> app.withTarget(value)),
                                "The application: CLASS, an Application, BlockingApplication or Servlet with a no-argument "
                                        + "constructor; CLASS:MEMBER, a static field or static no-argument method "
                                        + "that holds or makes one; or a WAR.")
                        .shaped(Shape.TARGET),
                Option.of(
                        OptionGroup.APPLICATION,
                        "interface",
                        Values.choice(Interface.class),
                        launch -> launch.application().kinds(),
                        (launch, value) -> launch.withApplication(app -> app.withKinds(value)),
                        "What the target is; auto finds out by its type."),
                Option.withoutDefault(
                        OptionGroup.APPLICATION,
                        "app-dir",
                        Values.DIRECTORY,
                        (launch, value) -> launch.withApplication(app -> app.withAppDir(value)),
                        "A directory with the application: its classes, and every jar directly in it."),
                Option.several(
                        OptionGroup.APPLICATION,
                        "class-path",
                        Shape.LINES,
                        new ValueType<>("PATH", "a class path", text -> text, text -> text),
                        (launch, values) -> launch.withApplication(app -> app.withClassPath(values)),
                        "Where else to look for the application: jars, directories and DIR/*, separated as in java -cp. "
                                + "Repeatable."),
                Option.onOff(
                        OptionGroup.APPLICATION,
                        "factory",
                        launch -> launch.application().factory(),
                        (launch, value) -> launch.withApplication(app -> app.withFactory(value)),
                        "MEMBER is a method, even if a field has the same name."),
                Option.of(
                        OptionGroup.APPLICATION,
                        "lifespan",
                        Values.choice(LifespanMode.class),
                        launch -> launch.server().lifespan(),
                        (launch, value) -> launch.withServer(server -> server.withLifespan(value)),
                        "Whether the application is told of start-up and shutdown; with on, one that has no lifespan "
                                + "fails the start."),
                Option.several(
                        OptionGroup.APPLICATION,
                        "set",
                        Shape.MAP,
                        Values.SETTING,
                        (launch, values) -> launch.withServer(server -> server.withSettings(settings(values))),
                        "A setting of the application's own, which it reads from its lifespan scope. Repeatable."));
    }

    /** Of one key the last one holds. */
    private static Map<String, String> settings(List<Map.Entry<String, String>> entries) {
        Map<String, String> settings = new LinkedHashMap<>();
        entries.forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
        return settings;
    }
}
