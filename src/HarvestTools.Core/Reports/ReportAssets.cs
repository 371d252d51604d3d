using System.Security.Cryptography;
using System.Text;

namespace HarvestTools.Reports;

/// <summary>
/// The page's script and style sheet, files of their own beside this one, and the policy that lets a browser run these and nothing
/// else: both by the hash of their text, so that no markup that got in would run.
/// </summary>
internal static class ReportAssets
{
    // Each may use those before it.
    private static readonly string[] s_scripts = ["dom.js", "model.js", "chart.js", "details.js", "compare.js", "trends.js", "list.js", "page.js"];

    private static readonly string[] s_styles = ["theme.css", "layout.css", "content.css"];

    /// <summary>One function around all of them: nothing of theirs is a name of the window.</summary>
    public static string Script { get; } = $"(() => {{\n'use strict';\n{string.Concat(s_scripts.Select(Read))}}})();\n";

    /// <summary>The style sheet.</summary>
    public static string Style { get; } = string.Concat(s_styles.Select(Read));

    /// <summary>Nothing is fetched, nothing is sent, and no script or style but these.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; script-src '{HashOf(Script)}'; style-src '{HashOf(Style)}'; base-uri 'none'; form-action 'none'";

    /// <summary>As a policy names a text.</summary>
    public static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Read(string name)
    {
        using Stream resource = typeof(ReportAssets).Assembly.GetManifestResourceStream($"Page/{name}")!;
        using var text = new StreamReader(resource, Encoding.UTF8);

        // A checkout on Windows may have made them end in two characters, and the page would be another one.
        return text.ReadToEnd().ReplaceLineEndings("\n");
    }
}
