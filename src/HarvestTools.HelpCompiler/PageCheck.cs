namespace HarvestTools.HelpCompiler;

/// <summary>Holds a page against the cmdlet that it describes, so that help cannot fall behind.</summary>
internal static class PageCheck
{
    private static readonly string[] s_required = ["SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "OUTPUTS"];
    private static readonly string[] s_describedByPowerShell = ["Confirm", "WhatIf"];

    /// <summary>Faults in the form in which a build shows errors.</summary>
    public static IEnumerable<string> Run(CmdletShape cmdlet, HelpPage page)
    {
        string Fault(string message) => $"{page.Path}(1): error HELP003: {message}";
        if (page.Name != cmdlet.Name)
        {
            yield return Fault($"the title is '{page.Name}', not '{cmdlet.Name}'");
        }

        foreach (string section in s_required.Where(section => !page.Has(section)))
        {
            yield return Fault($"the section '{section}' is missing");
        }

        string[] declared = [.. cmdlet.Parameters.Select(static parameter => parameter.Name).Except(s_describedByPowerShell)];
        foreach (string missing in declared.Where(name => !page.Parameters.TryGetValue(name, out IReadOnlyList<string>? text) || text.Count == 0))
        {
            yield return Fault($"the parameter -{missing} is not described");
        }

        foreach (string unknown in page.Parameters.Keys.Except(declared))
        {
            yield return Fault($"the cmdlet has no parameter -{unknown}");
        }

        if (page.Examples.Count == 0 || page.Examples.Any(static example => example.Code.Length == 0))
        {
            yield return Fault("there is no example, or one without code");
        }

        foreach (string output in cmdlet.OutputTypes.Where(output => !page.Outputs.Any(entry => entry.Title == output)))
        {
            yield return Fault($"the output type '{output}' is not described");
        }

        string[] syntax = [.. cmdlet.SyntaxLines()];
        if (!page.Syntax.SequenceEqual(syntax))
        {
            yield return Fault($"SYNTAX is not the cmdlet's; write: {string.Join(" | ", syntax)}");
        }
    }
}
