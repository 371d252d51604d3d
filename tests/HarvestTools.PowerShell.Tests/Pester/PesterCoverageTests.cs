using System.Reflection;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Pester;

/// <summary>That no Pester test is left out of <c>dotnet test</c>.</summary>
public sealed class PesterCoverageTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(PesterFileAttribute.Folder, "*.Tests.ps1").Select(static file => Path.GetFileName(file)[..^".Tests.ps1".Length]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_file_has_a_class(string file) => Assert.NotNull(MethodOf(file));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Each_test_that_pester_runs_is_a_case(string file)
    {
        MethodInfo method = MethodOf(file)!;
        IReadOnlyCollection<ITheoryDataRow> rows = await method.GetCustomAttribute<PesterFileAttribute>()!.GetData(method, new());
        int[] cases = [.. rows.Select(static row => (int)row.GetData()[1]!)];
        PesterRun run = PesterRun.Of(file);

        Assert.True(run.Outcomes.Count > 0, run.Output);
        Assert.Equal(run.Outcomes.Select(static outcome => outcome.Line).Distinct().Order(), cases.Order());
    }

    [Fact]
    public void The_tool_manifest_names_the_powershell_that_is_tested()
    {
        string manifest = File.ReadAllText(Path.Combine(PesterFileAttribute.Folder, "../../.config/dotnet-tools.json"));
        Assert.Contains($"\"version\": \"{ReleasedPowerShell.Version}\"", manifest, StringComparison.Ordinal);
    }

    private static MethodInfo? MethodOf(string file) =>
        typeof(PesterSuite).Assembly.GetType($"{typeof(PesterSuite).Namespace}.{file}Cmdlets")?.GetMethod("It");
}
