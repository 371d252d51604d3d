using System.Text.RegularExpressions;

namespace HarvestTools.Tests.Architecture;

/// <summary>docs/reliability.md names a test for each promise: those tests are there.</summary>
public sealed partial class ReliabilityPageTests
{
    [Fact]
    public void Every_test_that_the_page_names_is_there()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "reliability.md"));
        string[] named = [.. Names().Matches(page).Select(static match => match.Groups[1].Value).Distinct()];
        Assert.True(named.Length > 20, $"only {named.Length} tests are named");
        Assert.Empty(named.Except(Tests()));
    }

    [Fact]
    public void Every_promise_has_a_test()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "reliability.md"));
        foreach (string section in page.Split("\n## ").Where(static section => section.StartsWith("Nothing ", StringComparison.Ordinal)))
        {
            string[] rows = [.. section.Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
            Assert.NotEmpty(rows);
            Assert.All(rows, static row => Assert.Matches(Names(), row));
        }
    }

    /// <summary>The classes of all test projects, and their methods behind them.</summary>
    private static HashSet<string> Tests()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in Checkout.Files("tests", ".cs"))
        {
            string text = File.ReadAllText(file);
            string name = Path.GetFileNameWithoutExtension(file);
            found.Add(name);
            found.UnionWith(Methods().Matches(text).Select(match => $"{name}.{match.Groups[1].Value}"));
        }

        return found;
    }

    [GeneratedRegex(@"`([A-Z]\w+(?:Tests|Conformance)(?:\.\w+)?)`")]
    private static partial Regex Names();

    [GeneratedRegex(@"public (?:async Task|void) (\w+)\(")]
    private static partial Regex Methods();
}
