using System.CommandLine;

namespace HarvestTools.Cli.Commands;

/// <summary>One command of the program: its arguments and options are declared in the constructor.</summary>
internal abstract class HarvestCommand(string name, string description) : Command(name, description)
{
    /// <summary>
    /// Does the work. Sets its lists in <see cref="Invocation.Document"/> before anything can fail, so that the shape of
    /// the JSON does not depend on what happens.
    /// </summary>
    /// <exception cref="HarvestException">What stops everything; faults of single items are reported and passed over.</exception>
    public abstract void Run(Invocation run);

    protected T With<T>(T symbol)
        where T : Symbol
    {
        switch (symbol)
        {
            case Argument argument:
                Add(argument);
                break;
            case Option option:
                Add(option);
                break;
        }

        return symbol;
    }
}
