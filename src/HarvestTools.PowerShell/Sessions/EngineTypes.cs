using System.Management.Automation;
using System.Reflection;

namespace HarvestTools.PowerShell;

/// <summary>
/// Lets scripts name the engine's types, <c>[HarvestTools.Decisions.States.RetrainVerdict]::Wait</c>: PowerShell looks for a type's
/// name in the default context alone, and among its accelerators, so each public type of the engine becomes one under its full name.
/// </summary>
public sealed class EngineTypes : IModuleAssemblyInitializer
{
    private static readonly Lock s_lock = new();
    private static bool s_added;

    /// <summary>Called by PowerShell at every import, in every runspace.</summary>
    public void OnImport()
    {
        // The accelerators are the process's, in a dictionary that two runspaces must not write at once.
        lock (s_lock)
        {
            if (s_added)
            {
                return;
            }

            MethodInfo? add = typeof(PSObject).Assembly
                .GetType("System.Management.Automation.TypeAccelerators")?
                .GetMethod("Add", [typeof(string), typeof(Type)]);
            if (add is not null)
            {
                Action<string, Type> adding = add.CreateDelegate<Action<string, Type>>();
                foreach (Type type in EngineContext.Engine.ExportedTypes)
                {
                    adding(type.FullName!.Replace('+', '.'), type);
                }
            }

            s_added = true;
        }
    }
}
