namespace HarvestTools.Fuzz;

/// <summary>A way into the engine that takes bytes from outside.</summary>
internal abstract class FuzzTarget : IDisposable
{
    /// <summary>Its name on the command line and of its folder in the corpus.</summary>
    public abstract string Name { get; }

    /// <summary>Valid inputs, from which the others are made.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>
    /// Takes an input. The engine may refuse it with its own error; any other exception is a finding, and so is a result
    /// that breaks what the target promises, which is thrown as <see cref="FuzzFinding"/>.
    /// </summary>
    public abstract void Run(byte[] input);

    /// <summary>True where an error of the engine has what a user needs.</summary>
    protected static bool IsUsable(HarvestException error) =>
        error.Fault != HarvestFault.Internal && error.ErrorId.Length > 0 && error.Message.Length > 0;

    /// <summary>What an action gives, or the id of the engine's error.</summary>
    protected static string Outcome(Func<string> action)
    {
        try
        {
            return action();
        }
        catch (HarvestException error)
        {
            return IsUsable(error) ? error.ErrorId : throw new FuzzFinding($"An error without what a user needs: {error}");
        }
    }

    protected static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new FuzzFinding(otherwise);
        }
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>The engine took an input and did what it promises not to do.</summary>
internal sealed class FuzzFinding(string message) : Exception(message);
