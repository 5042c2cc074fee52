/** Stands for what a tab of the settings shows once it is loaded. */
export function TabSkeleton() {
  return (
    <div className="late grid gap-2" aria-busy="true">
      {[0, 1, 2].map((card) => (
        <div key={card} className="project h-32 p-4">
          <i className="bone h-3 w-24" />
          <i className="bone mt-4 h-3 w-56" />
        </div>
      ))}
    </div>
  );
}
