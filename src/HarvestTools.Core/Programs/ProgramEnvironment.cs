using HarvestTools.Rules;

namespace HarvestTools.Programs;

/// <summary>The environment of a run: what is listed here and in the definition, and nothing else of this machine's.</summary>
internal static class ProgramEnvironment
{
    // Without these programs of Windows do not start.
    private static readonly string[] s_ofWindows = ["SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "ProgramFiles", "ProgramData", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"];

    public static Dictionary<string, string> Of(HarvestProgram program, RunFolder folder, RunConditions conditions)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // An entry such as '.' would have whatever is in the folder run.
            ["PATH"] = string.Join(Path.PathSeparator, (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified)),
            ["HOME"] = folder.Home,
            ["TMPDIR"] = folder.Temporary,
        };
        bool fixedLanguage = program.Variables.Any(static variable => variable.Split('=')[0] is "LANG" or "LC_ALL");
        foreach ((string name, string value) in conditions.Variables)
        {
            // LC_ALL would take the place of what the definition fixes.
            if (name != "LC_ALL" || !fixedLanguage)
            {
                environment[name] = value;
            }
        }

        if (OperatingSystem.IsWindows())
        {
            environment["USERPROFILE"] = folder.Home;
            environment["TEMP"] = environment["TMP"] = folder.Temporary;
            foreach (string name in s_ofWindows)
            {
                Add(environment, name);
            }
        }

        foreach (string variable in program.Variables)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                Add(environment, variable);
            }
            else
            {
                environment[variable[..equals]] = variable[(equals + 1)..];
            }
        }

        return environment;
    }

    private static void Add(Dictionary<string, string> environment, string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { } value)
        {
            environment[name] = value;
        }
    }
}
