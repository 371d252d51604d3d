using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace HarvestTools.HelpCompiler;

/// <summary>Writes the XML that Get-Help reads: what the pages say, and syntax and parameters as the assembly declares them.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace s_items = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Dictionary<string, string> s_common = new(StringComparer.Ordinal)
    {
        ["Confirm"] = "Asks before anything is changed.",
        ["WhatIf"] = "Shows what would be done, and does not do it.",
    };

    public static void Write(IEnumerable<(CmdletShape Cmdlet, HelpPage Page)> help, string path)
    {
        var document = new XDocument(new XElement(
            s_items + "helpItems",
            new XAttribute("schema", "maml"),
            help.Select(static entry => Command(entry.Cmdlet, entry.Page))));
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) });
        document.Save(writer);
    }

    private static XElement Command(CmdletShape cmdlet, HelpPage page) => new(
        s_command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", s_maml),
        new XAttribute(XNamespace.Xmlns + "command", s_command),
        new XAttribute(XNamespace.Xmlns + "dev", s_dev),
        new XElement(
            s_command + "details",
            new XElement(s_command + "name", cmdlet.Name),
            new XElement(s_command + "verb", cmdlet.Verb),
            new XElement(s_command + "noun", cmdlet.Noun),
            Text("description", page.Synopsis)),
        Text("description", page.Description),
        new XElement(s_command + "syntax", cmdlet.Sets.Select(set => new XElement(
            s_command + "syntaxItem",
            new XElement(s_maml + "name", cmdlet.Name),
            cmdlet.InSet(set).Select(entry => Parameter(entry.Parameter, entry.How, TextOf(page, entry.Parameter), inSyntax: true))))),
        new XElement(s_command + "parameters", cmdlet.Parameters
            .Select(parameter => Parameter(parameter, Widest(parameter), TextOf(page, parameter), inSyntax: false))),
        new XElement(s_command + "inputTypes", page.Inputs.Select(static input => new XElement(
            s_command + "inputType", Type(input.Title), Text("description", input.Text)))),
        new XElement(s_command + "returnValues", page.Outputs.Select(static output => new XElement(
            s_command + "returnValue", Type(output.Title), Text("description", output.Text)))),
        new XElement(s_maml + "alertSet", new XElement(s_maml + "alert", Paras(page.Notes))),
        new XElement(s_command + "examples", page.Examples.Select(static example => new XElement(
            s_command + "example",
            new XElement(s_maml + "title", $"---------- {example.Title} ----------"),
            new XElement(s_maml + "introduction", Paras(example.Introduction)),
            new XElement(s_dev + "code", example.Code),
            new XElement(s_dev + "remarks", Paras([.. example.Remarks, string.Empty]))))),
        new XElement(s_command + "relatedLinks", page.RelatedLinks.Select(static link => new XElement(
            s_maml + "navigationLink", new XElement(s_maml + "linkText", link), new XElement(s_maml + "uri")))));

    private static XElement Parameter(ParameterShape parameter, ParameterInSet how, IReadOnlyList<string> text, bool inSyntax)
    {
        var element = new XElement(
            s_command + "parameter",
            new XAttribute("required", how.Mandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.IsArray ? "true" : "false"),
            new XAttribute("globbing", parameter.Wildcards ? "true" : "false"),
            new XAttribute("pipelineInput", Pipeline(how)),
            new XAttribute("position", how.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(s_maml + "name", parameter.Name),
            Text("description", text));

        // A switch has no value; in the syntax it would otherwise be shown as taking one.
        if (!parameter.IsSwitch || !inSyntax)
        {
            element.Add(new XElement(
                s_command + "parameterValue",
                new XAttribute("required", parameter.IsSwitch ? "false" : "true"),
                new XAttribute("variableLength", parameter.IsArray ? "true" : "false"),
                parameter.TypeName));
        }

        element.Add(Type(parameter.TypeName), new XElement(s_dev + "defaultValue", parameter.IsSwitch ? "False" : "None"));
        return element;
    }

    private static IReadOnlyList<string> TextOf(HelpPage page, ParameterShape parameter) =>
        page.Parameters.GetValueOrDefault(parameter.Name) ?? [s_common.GetValueOrDefault(parameter.Name, string.Empty)];

    /// <summary>Of several sets the one that takes most, since the list of parameters names each once.</summary>
    private static ParameterInSet Widest(ParameterShape parameter) =>
        parameter.Sets.OrderByDescending(static set => (set.ByValue ? 2 : 0) + (set.ByPropertyName ? 1 : 0)).First();

    private static string Pipeline(ParameterInSet how) => (how.ByValue, how.ByPropertyName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static XElement Type(string name) => new(s_dev + "type", new XElement(s_maml + "name", name), new XElement(s_maml + "uri"));

    private static XElement Text(string name, IReadOnlyList<string> paragraphs) => new(s_maml + name, Paras(paragraphs));

    private static IEnumerable<XElement> Paras(IReadOnlyList<string> paragraphs) =>
        paragraphs.Select(static paragraph => new XElement(s_maml + "para", paragraph));
}
