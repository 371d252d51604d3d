namespace HarvestTools.Tests.Harness;

/// <summary>
/// What is printed in this process while it is there. The console is one for all, so tests that print here, or look at
/// it, are of the collection of this name and run one after the other.
/// </summary>
internal sealed class CapturedConsole : IDisposable
{
    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly StringWriter _printed = new();
    private readonly StringWriter _said = new();

    public CapturedConsole()
    {
        Console.SetOut(_printed);
        Console.SetError(_said);
    }

    /// <summary>What went to stdout, but for JSON, which goes there as bytes.</summary>
    public string Out => _printed.ToString();

    public string Error => _said.ToString();

    public void Dispose()
    {
        Console.SetOut(_out);
        Console.SetError(_error);
    }
}

/// <summary>Tests that have the console for themselves.</summary>
[CollectionDefinition(nameof(CapturedConsole))]
#pragma warning disable CA1711 // A collection of tests is what it is.
public sealed class CapturedConsoleCollection;
#pragma warning restore CA1711
