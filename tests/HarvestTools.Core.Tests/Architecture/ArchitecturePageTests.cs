using System.Text.RegularExpressions;

namespace HarvestTools.Tests.Architecture;

/// <summary>docs/architecture.md says where things are; what it says is compared with the code.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "architecture.md"));

    [Fact]
    public void The_page_lists_the_folders_in_the_order_of_the_layers()
    {
        string[] rows = [.. Section("The engine's folders").Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).Select(static line => line.Split('|')[1])];

        Assert.Equal(LayerTests.Folders, rows.SelectMany(static cell => Name().Matches(cell).SelectMany(static name => Expand(name.Groups[1].Value))));
    }

    [Fact]
    public void The_page_names_the_packages_of_each_assembly()
    {
        foreach ((string assembly, string cell) in Section("Assemblies")
            .Select(static line => line.Split('|'))
            .Where(static cells => cells.Length == 5 && cells[1].Contains('`', StringComparison.Ordinal))
            .Select(static cells => (cells[1].Trim().Trim('`'), cells[3])))
        {
            string project = File.ReadAllText(Path.Combine(Checkout.Root, "src", assembly, $"{assembly}.csproj"));

            // Analyzers are of the build alone.
            Assert.All(
                Package().Matches(project).Select(static package => package.Groups[1].Value).Where(static package => !package.Contains("Analyzers", StringComparison.Ordinal)),
                package => Assert.True(cell.Contains(package, StringComparison.Ordinal), $"{assembly} uses {package}, which the page does not name"));
        }
    }

    [Fact]
    public void What_the_page_names_is_there()
    {
        string[] known = [.. typeof(HarvestException).Assembly.GetTypes().Select(static type => type.Name.Split('`')[0])];
        string[] named = [.. Section("Seams").Concat(Section("Where to look")).SelectMany(static line => Type().Matches(line)).Select(static name => name.Groups[1].Value)];

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    private static IEnumerable<string> Section(string heading) => s_page
        .Split('\n')
        .SkipWhile(line => !line.StartsWith($"## {heading}", StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Select(static line => line.TrimEnd());

    /// <summary><c>Decisions/{Text,Gates}</c> is two folders.</summary>
    private static IEnumerable<string> Expand(string folder)
    {
        int brace = folder.IndexOf('{', StringComparison.Ordinal);
        return brace < 0 ? [folder] : folder[(brace + 1)..^1].Split(',').Select(inner => folder[..brace] + inner);
    }

    [GeneratedRegex("`([A-Z][A-Za-z/{},]*)`")]
    private static partial Regex Name();

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex Package();

    [GeneratedRegex("`([A-Z][a-z]+(?:[A-Z][A-Za-z]*)+)`")]
    private static partial Regex Type();
}
