using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Tests.Architecture;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>
/// docs/labels.md lists the parameters that the code takes out of links. Where it does not, <c>HARVEST_WRITE_PAGES=1</c> makes
/// the test write the list anew; a list that grows is another label version.
/// </summary>
public sealed class LabelsPageTests
{
    private static readonly string s_page = Path.Combine(Checkout.Root, "docs", "labels.md");

    [Fact]
    public void The_page_lists_every_parameter_that_does_not_count()
    {
        string page = File.ReadAllText(s_page).ReplaceLineEndings("\n");
        var between = new Regex("(?<=<!-- schemes -->\n).*?(?=<!-- end -->)", RegexOptions.Singleline);
        var expected = new StringBuilder("| signature | companions |\n|---|---|\n");
        foreach (SignedLinks.Scheme scheme in SignedLinks.Schemes)
        {
            expected.Append(CultureInfo.InvariantCulture, $"| `{scheme.Signature}` | {string.Join(", ", scheme.Companions.Select(static name => $"`{name}`"))} |\n");
        }

        if (Environment.GetEnvironmentVariable("HARVEST_WRITE_PAGES") == "1")
        {
            page = between.Replace(page, expected.ToString());
            File.WriteAllText(s_page, page);
        }

        Assert.Equal(expected.ToString(), between.Match(page).Value);
        Assert.Contains($"This release writes version {LabelHash.Version};", page, StringComparison.Ordinal);
    }
}
